"""What can be asked about complaints: registers, the desk, one case."""

from complaints.queries.registers import appeal_register, complaint_register, proposal_register
from complaints.queries.rows import AppealRow, ComplaintRow, ProposalRow

__all__ = ["AppealRow", "ComplaintRow", "ProposalRow", "appeal_register", "complaint_register", "proposal_register"]
