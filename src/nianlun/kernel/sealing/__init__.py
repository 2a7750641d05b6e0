"""Secret fields: sealed with SM4-GCM, found by a keyed HMAC-SM3, shown masked; the keys lie outside the database."""
