// What the start of Node itself takes.
