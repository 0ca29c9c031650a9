"""A certificate for localhost and 127.0.0.1 that nobody trusts by himself; for tests only, for 100 years.

Made with: ``openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 36500
-subj /CN=localhost -addext subjectAltName=DNS:localhost,IP:127.0.0.1``.
"""

CERTIFICATE = """\
-----BEGIN CERTIFICATE-----
MIIBmzCCAUGgAwIBAgIUMBmWUKoNu8hq9KFaDz2lTq+83/0wCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMTIzMjA0OFoYDzIxMjYxMDI4
MjMyMDQ4WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAARsx6CnpSDMV63dl6FMjralQXLMUgQoGzyHLQcoZxTWWWvn8httqfaA
dAvFItvHnAVO3sXaex2X7q5A1DJBKUf+o28wbTAdBgNVHQ4EFgQUM1wmz2E+hCtH
eX5bx7QImC7XGXIwHwYDVR0jBBgwFoAUM1wmz2E+hCtHeX5bx7QImC7XGXIwDwYD
VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZI
zj0EAwIDSAAwRQIhAK0q6/XfWRw54ZB1Ya2iXuUboa5R/9xXSxvLS9/0HZ72AiB8
qjC8762AFfHko3HsGyCRsWGZtbN2HjZ5q2qen8uDyQ==
-----END CERTIFICATE-----
"""

PRIVATE_KEY = """\
-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgvCI31ijfkY8OtSbP
3EvmHuX3Efh8l/PjIY8Chr5Wje+hRANCAARsx6CnpSDMV63dl6FMjralQXLMUgQo
GzyHLQcoZxTWWWvn8httqfaAdAvFItvHnAVO3sXaex2X7q5A1DJBKUf+
-----END PRIVATE KEY-----
"""
