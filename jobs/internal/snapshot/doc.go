// Package snapshot keeps the published months: where their files lie, what a
// manifest says about them, who may write, and how a month gets from staged
// files to published ones so that no crash loses or bends what is there.
//
// A month is published in this order, and every step is on disk before the next
// one starts:
//
//  1. the staged files, the staged manifest and their folders are synced;
//  2. the intent, the list of renames, is written aside, synced and renamed;
//  3. the staged files are renamed over the published ones, folders are synced;
//  4. the manifest is renamed, its folder is synced;
//  5. the intent is removed.
//
// Before step 2 the old month stands and staging is rubbish. From step 2 on the
// month is as good as published: whoever holds the lock next finishes the renames
// (Store.Recover). Renames are the only way a published file changes, so a reader
// sees whole files at any time.
package snapshot
