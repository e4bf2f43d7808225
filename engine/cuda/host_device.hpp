// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Marks what runs on a GPU and, for tests without one, on the host alike.
#ifdef __CUDACC__
#define LMC_HOST_DEVICE __host__ __device__
#else
#define LMC_HOST_DEVICE
#endif
