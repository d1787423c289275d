"""What a row of a table is (a customer, a snapshot, an account, a transaction, a record), and the ids of rows."""
