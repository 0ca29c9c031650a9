"""Ways to head office: the built-in uploaders, and the policy of when to try again."""
