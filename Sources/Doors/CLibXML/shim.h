// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <libxml/parser.h>
#include <libxml/tree.h>
#include <libxml/xmlerror.h>

/// xmlFree is a variable in libxml2, which Swift can't call safely.
static inline void clibxml_free(void *memory) { xmlFree(memory); }
