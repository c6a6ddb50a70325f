package main

import (
	"errors"
	"fmt"

	"verbatim/internal/app"
)

// Exit codes of the program.
const (
	exitDone       = 0
	exitFailed     = 1
	exitUsage      = 2
	exitNoEvidence = 3
)

// exitError is an error that carries the exit code of the process. With a
// nil error the command has already said what there is to say.
type exitError struct {
	code int
	err  error
}

func (e *exitError) Error() string {
	if e.err == nil {
		return fmt.Sprintf("exit code %d", e.code)
	}
	return e.err.Error()
}

func (e *exitError) Unwrap() error { return e.err }

// usagef returns an error of wrong usage or config.
func usagef(format string, args ...any) error {
	return &exitError{code: exitUsage, err: fmt.Errorf(format, args...)}
}

// usage marks err as one of wrong usage or config.
func usage(err error) error { return &exitError{code: exitUsage, err: err} }

// silent ends the program with code; the command has printed its result.
func silent(code int) error {
	if code == exitDone {
		return nil
	}
	return &exitError{code: code}
}

// exitCode returns the exit code that goes with err.
func exitCode(err error) int {
	if err == nil {
		return exitDone
	}
	if e, ok := errors.AsType[*exitError](err); ok {
		return e.code
	}
	if _, ok := errors.AsType[*app.UsageError](err); ok {
		return exitUsage
	}
	return exitFailed
}
