"""The controlled-drug register: vials, draws, waste and counts, added up by replay."""
