"""What is held in memory to answer quickly: columns, rankers, word hashers."""
