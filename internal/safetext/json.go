package safetext

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// JSON returns v as one line of JSON that ends with a line break: no HTML
// escapes, and every hidden character of a string \u-escaped, so that the
// JSON can be printed on a terminal.
func JSON(v any) ([]byte, error) {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, fmt.Errorf("encode JSON: %w", err)
	}
	// Outside strings, JSON on one line has no hidden character but its end.
	data := bytes.TrimSuffix(buf.Bytes(), []byte("\n"))
	if plain(string(data)) {
		return append(data, '\n'), nil
	}
	out := make([]byte, 0, len(data)+64)
	for c := range characters(string(data)) {
		if c.hidden {
			out = append(out, escapeRune(c.r)...)
		} else {
			out = append(out, c.text...)
		}
	}
	return append(out, '\n'), nil
}
