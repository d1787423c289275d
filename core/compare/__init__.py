"""What is set beside what: this month and the last, those selected and all others, one scenario and another."""
