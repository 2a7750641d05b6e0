"""Subdistricts, communities, users, posts, bodies, and who may see what."""
