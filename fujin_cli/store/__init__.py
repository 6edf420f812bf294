"""Read and write files and the ledger: the only code that touches a disk or a database."""
