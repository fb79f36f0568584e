package dev.penstock.cli;

/** How a command prints what it found. */
enum OutputForm {
    JSON,
    TABLE
}
