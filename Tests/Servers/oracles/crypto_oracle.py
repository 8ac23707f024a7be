"""Answers questions about digests, HMAC, AES-GCM and base64 with Python's cryptography package.

    crypto_oracle.py FILE

Each line of FILE is a question, and each line that is printed its answer. Bytes are hexadecimal; none are `-`.

    digest NAME MESSAGE                  the digest
    hmac NAME KEY MESSAGE                the code
    open KEY NONCE ADDITIONAL SEALED     the plaintext, or `refused`
    seal KEY NONCE ADDITIONAL PLAINTEXT  ciphertext and tag
    base64 BYTES                         the text, with padding
    base64url BYTES                      the text, without padding
    unbase64url TEXT                     the bytes, or `refused` where another text stands for the same
"""

import base64
import binascii
import pathlib
import sys

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

ALGORITHMS = {
    "md5": hashes.MD5, "sha1": hashes.SHA1, "sha256": hashes.SHA256, "sha512": hashes.SHA512,
}


def read(text):
    return b"" if text == "-" else bytes.fromhex(text)


def written(data):
    return data.hex() or "-"


def digest(name, message):
    made = hashes.Hash(ALGORITHMS[name]())
    made.update(read(message))
    return written(made.finalize())


def code(name, key, message):
    made = hmac.HMAC(read(key), ALGORITHMS[name]())
    made.update(read(message))
    return written(made.finalize())


def opened(key, nonce, additional, sealed):
    try:
        return written(AESGCM(read(key)).decrypt(read(nonce), read(sealed), read(additional)))
    except InvalidTag:
        return "refused"


def sealed(key, nonce, additional, plaintext):
    return written(AESGCM(read(key)).encrypt(read(nonce), read(plaintext), read(additional)))


def unbase64url(text):
    text = "" if text == "-" else text
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), b"-_", validate=True)
    except binascii.Error:
        return "refused"
    return written(data) if base64.urlsafe_b64encode(data).rstrip(b"=").decode() == text else "refused"


ANSWERS = {
    "digest": digest,
    "hmac": code,
    "open": opened,
    "seal": sealed,
    "base64": lambda data: base64.b64encode(read(data)).decode() or "-",
    "base64url": lambda data: base64.urlsafe_b64encode(read(data)).rstrip(b"=").decode() or "-",
    "unbase64url": unbase64url,
}

for line in pathlib.Path(sys.argv[1]).read_text(encoding="ascii").splitlines():
    question, *words = line.split(" ")
    print(ANSWERS[question](*words))
