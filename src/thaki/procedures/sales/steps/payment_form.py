"""Step module payment_form: to be written by its owner."""
