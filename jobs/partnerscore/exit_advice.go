package main

import (
	"errors"

	"partnerscore/jobs/internal/exports"
	"partnerscore/jobs/internal/pipeline"
)

// outcome is an exit code in a word, for logs, receipts and dashboards.
func outcome(code int) string {
	switch code {
	case exitDone:
		return "done"
	case exitUsage:
		return "usage_error"
	case exitMissing:
		return "not_ready"
	case exitContract:
		return "contract_broken"
	case exitHeld:
		return "held"
	case exitDiffers:
		return "differs"
	case exitInterrupted, exitTerminated:
		return "interrupted"
	default:
		return "internal_error"
	}
}

// advice says what to do about a run that ended with an exit code other than 0: what its error advises, where it has one sentence of
// advice, else what the code alone tells.
func advice(code int, err error) string {
	var contract *exports.ContractError
	var usage *usageError
	switch {
	case code == exitMissing:
		return adviceOnMissing(err)
	case code == exitContract && errors.As(err, &contract) && len(contract.Problems) == 1 && contract.Problems[0].Hint != "":
		return contract.Problems[0].Hint
	case code == exitUsage && errors.As(err, &usage) && usage.hint != "":
		return usage.hint
	}
	switch code {
	case exitUsage:
		return "mend the setting that the message names; a retry ends the same"
	case exitContract:
		return "mend the exports that the message names, or have them delivered again; a retry ends the same"
	case exitHeld:
		return "wait for the other run to end, or give --lock-wait"
	case exitDiffers:
		return "see the differences; score the months again with backfill, or restore their files"
	case exitInterrupted, exitTerminated:
		return "run again; nothing is half-published"
	}
	if hint := hintOfMeans(err); hint != "" {
		return hint
	}
	if pipeline.NoRoom(err) {
		return "make room on that disk and run again; what was published is as it was"
	}
	return "run again; if it ends the same, report it with the message"
}

// adviceOnMissing says what to do about an input that is not there.
func adviceOnMissing(err error) string {
	var missing *exports.MissingError
	var early *pipeline.NotReadyError
	switch {
	case errors.As(err, &missing) && missing.Hint != "":
		return missing.Hint
	case errors.As(err, &early):
		return early.Hint
	case isA[*noFolderError](err):
		return "name the folder that the snapshots are in with --snapshots, or score a month first"
	default:
		return "run again when the exports are there"
	}
}
