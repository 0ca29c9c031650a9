"""What the till does, without a screen: selling, printing, sending, devices."""
