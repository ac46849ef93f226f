// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <nettle/base64.h>
#include <nettle/hmac.h>
#include <nettle/sha1.h>
#include <nettle/sha2.h>
