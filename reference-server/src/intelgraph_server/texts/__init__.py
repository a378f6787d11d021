"""Every sentence a person reads, in English and Spanish, shared by pages, PDFs and e-mails."""
