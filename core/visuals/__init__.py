"""What the pages and the report show: one entry per visual (`entries`), per table (`tables`) and per KPI (`kpis`)."""
