"""What we ask: questionnaires, programmes, draws, invitations, the interview engine and answers."""
