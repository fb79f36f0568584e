package dev.penstock.work;

/** What the stage that dispatches calls sends about a call that several requests share, to the stage that knows them. */
public sealed interface SharedNews permits SharedEnd, SharedSpend {}
