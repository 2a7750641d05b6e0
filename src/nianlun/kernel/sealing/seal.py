"""Sealing and unsealing one value: SM4 in GCM mode, `"<key id>:<base64url of nonce, ciphertext and tag>"`."""

from __future__ import annotations

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from os import urandom

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import SM4
from cryptography.hazmat.primitives.ciphers.modes import GCM

from nianlun.kernel.sealing.errors import KeyLost, KeyRingError, SealBroken
from nianlun.kernel.sealing.keys import ring
from nianlun.kernel.sealing.masks import mask

NONCE, TAG = 12, 16  # bytes
UNREADABLE = "（无法解密）"


def seal(plain: str) -> str:
    """The value under the key in use, different each time; nothing stays nothing."""
    if not plain:
        return ""
    keys = ring()
    return seal_with(keys.sealing.id, keys.ciphers[keys.sealing.id], plain)


def seal_with(key_id: str, cipher: SM4, plain: str) -> str:
    """The value under one key; the id is authenticated with it, so that it cannot be passed off as another key's."""
    nonce = urandom(NONCE)
    encryptor = Cipher(cipher, GCM(nonce)).encryptor()
    encryptor.authenticate_additional_data(key_id.encode())
    body = encryptor.update(plain.encode()) + encryptor.finalize()
    return f"{key_id}:{urlsafe_b64encode(nonce + body + encryptor.tag).decode()}"


def unseal(sealed: str) -> str:
    """What was sealed. Raises KeyLost where its key is not in the ring, SealBroken where it was changed since."""
    if not sealed:
        return ""
    key_id, colon, encoded = sealed.partition(":")
    if not colon:
        raise SealBroken
    cipher = ring().ciphers.get(key_id)
    if cipher is None:
        raise KeyLost(key_id)
    try:
        raw = urlsafe_b64decode(encoded)
        decryptor = Cipher(cipher, GCM(raw[:NONCE], raw[-TAG:])).decryptor()
        decryptor.authenticate_additional_data(key_id.encode())
        return (decryptor.update(raw[NONCE:-TAG]) + decryptor.finalize()).decode()
    except (InvalidTag, binascii.Error, ValueError) as error:
        raise SealBroken from error


def masked(kind: str, sealed: str) -> str:
    """The mask of a sealed value for pages and sheets, which go on where one value cannot be opened."""
    try:
        return mask(kind, unseal(sealed))
    except (KeyLost, KeyRingError, SealBroken):
        return UNREADABLE
