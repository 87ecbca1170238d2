"""What part of the house somebody sees: some principals and sites, or all of them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Scope:
    """The principals and sites somebody may see, by id; ``None`` means all."""

    principal_ids: frozenset[int] | None = None
    site_ids: frozenset[int] | None = None

    def sees_principal(self, principal_id: int | None) -> bool:
        return self.principal_ids is None or principal_id in self.principal_ids

    def sees_site(self, site_id: int | None) -> bool:
        """Whether a site is seen; what has no site yet is seen by all who see its principal."""
        return self.site_ids is None or site_id is None or site_id in self.site_ids


EVERYTHING = Scope()
