#include "CSeccompFilter.h"
