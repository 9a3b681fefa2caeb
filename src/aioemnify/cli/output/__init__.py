"""What commands write: tables on a terminal, and text, JSON or CSV for programs."""
