package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"unicode/utf8"
)

// encodeJSON returns v as one line of JSON: no HTML escapes, and every
// control or bidirectional character of a string \u-escaped.
func encodeJSON(v any) ([]byte, error) {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, fmt.Errorf("encode JSON: %w", err)
	}
	return escapeJSON(buf.Bytes()), nil
}

// escapeJSON escapes the hostile characters that encoding/json leaves as they
// are. Outside of strings JSON has none but the line's end.
func escapeJSON(in []byte) []byte {
	out := make([]byte, 0, len(in))
	for i := 0; i < len(in); {
		r, size := utf8.DecodeRune(in[i:])
		if r != '\n' && hostile(r) {
			out = append(out, escapeRune(r)...)
		} else {
			out = append(out, in[i:i+size]...)
		}
		i += size
	}
	return out
}

// printJSON prints v on standard output, as the result of the command.
func (p *program) printJSON(v any) error {
	p.printed = true
	return writeJSON(p.stdout, v)
}

// writeJSON prints v as one object on a line of its own.
func writeJSON(w io.Writer, v any) error {
	data, err := encodeJSON(v)
	if err != nil {
		return err
	}
	if _, err := w.Write(data); err != nil {
		return fmt.Errorf("write the result: %w", err)
	}
	return nil
}

// list returns l as a list that is never null in JSON.
func list[T any](l []T) []T {
	if l == nil {
		return []T{}
	}
	return l
}
