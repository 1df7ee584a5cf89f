// Compiled once so that every layer can reuse its precompiled header.
