// SPDX-FileCopyrightText: Brewline contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

/// A disk that fails on command: libfaultydisk stands before libc's fdatasync, fsync, pread and pwrite and lets them
/// hang or fail for files whose path contains "brewline.db".
///
/// A test that links it calls the functions below. A program that it is preloaded into (LD_PRELOAD) obeys the file
/// named by the environment variable BREWLINE_FAULTS, read anew at each call; its first word is one of
///   hold-syncs   syncs hang until the file says something else
///   fail-syncs   syncs fail with EIO
///   fail-writes  writes fail with ENOSPC
/// and anything else, or no file, lets all calls pass.
namespace brewline::test::faultydisk {

void holdSyncs();           ///< fdatasync and fsync hang from now on
bool waitUntilHeld();       ///< whether one of them hangs within 10 s
void failSyncs(int error);  ///< with this errno
void failWrites(int error); ///< with this errno
void failReads(int error);  ///< with this errno
void work();                ///< everything works again, and what hangs goes on
long syncs();               ///< syncs that were asked for so far

} // namespace brewline::test::faultydisk
