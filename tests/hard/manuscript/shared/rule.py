"""A file of code, of which a memo shows a part."""


# {{ region rule }}
def is_controlled(range_km: float, payload_kg: float) -> bool:
    return range_km >= 300 and payload_kg >= 500


# {{ end }}
