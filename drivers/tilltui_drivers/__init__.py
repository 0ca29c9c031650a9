"""Hardware drivers of the till: they know its ports, errors and domain, and nothing imports them."""
