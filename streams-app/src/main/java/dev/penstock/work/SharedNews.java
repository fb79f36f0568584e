package dev.penstock.work;

/** What the stage that lets calls out tells of a call that several requests share, to the stage that knows them. */
public sealed interface SharedNews permits SharedEnd, SharedSpend {}
