#pragma once
#include <libpq-fe.h>

// The names of a result's fields are character constants, which are not imported.

/// The five characters of an error's code.
static inline const char *roost_pg_sqlstate(const PGresult *result) {
    return PQresultErrorField(result, PG_DIAG_SQLSTATE);
}

/// What is said of an error in one line.
static inline const char *roost_pg_message(const PGresult *result) {
    return PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
}

/// The name of the constraint that was broken.
static inline const char *roost_pg_constraint(const PGresult *result) {
    return PQresultErrorField(result, PG_DIAG_CONSTRAINT_NAME);
}
