"""What is plugged in, out of sysfs and udev's links: nothing is opened, nothing is asked."""
