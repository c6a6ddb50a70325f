package main

import (
	"fmt"
	"io"

	"verbatim/internal/safetext"
)

// printJSON prints v on standard output, as the result of the command.
func (p *program) printJSON(v any) error {
	p.printed = true
	return writeJSON(p.stdout, v)
}

// writeJSON prints v as one object on a line of its own.
func writeJSON(w io.Writer, v any) error {
	data, err := safetext.JSON(v)
	if err != nil {
		return err
	}
	if _, err := w.Write(data); err != nil {
		return fmt.Errorf("write the result: %w", err)
	}
	return nil
}
