"""An incoming e-mail, read: who wrote what in answer to what, and whether a person wrote it at all."""
