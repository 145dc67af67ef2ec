"""From a supplier's headings, words and dates to the contract's, by its layout. No value is guessed, no rule is asked."""
