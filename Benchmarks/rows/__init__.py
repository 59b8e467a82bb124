"""One file for each row of the budgets; `measure(bench)` returns its findings."""
