"""Store contacts, attachments and acceptance codes, to which cases hold only references."""
