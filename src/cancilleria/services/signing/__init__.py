"""PAdES signatures, time stamps, strict verification, the trust list and the test PKI."""
