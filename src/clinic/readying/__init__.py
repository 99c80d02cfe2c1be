"""What a person makes ready before a dose: on their phone, by a call, and on Today until it is."""
