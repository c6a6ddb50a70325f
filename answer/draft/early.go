package draft

import (
	"bytes"
	"encoding/json"

	"verbatim/answer/guard"
)

// EarlyPoints finds the points of a model's answer to DraftPrompt while the
// answer is still coming, so that they can be shown before its end. It is
// cautious: what it does not find, ParseDraft finds in the whole answer, which
// also decides. It yields points only of an object whose verdict before them is
// that the sentences answer, with nothing before it but thinking in tags, a code fence
// and a short remark: after a long one the object may be part of what the model
// thinks. The zero value is ready for use, by one goroutine.
type EarlyPoints struct {
	over bool // nothing more will be yielded

	// Before the object.
	tail     []byte // the last bytes, lower-cased: enough for a tag
	before   int    // bytes that are not thinking
	thinking bool

	// Within the object.
	open     []byte // brackets that are open
	quoted   bool   // within a string
	escaped  bool   // after a backslash in it
	wantsKey bool   // the next string at the top is a key
	key      string // whose value is being read
	value    []byte // what is kept of the key, the value or the point being read
	answers  bool
	points   bool // within the list of points
	yielded  int
}

const (
	maxRemark  = 200     // bytes of prose before an object that is not taken for thinking
	longestTag = 12      // bytes: </reasoning>
	maxDepth   = 8       // open brackets in an answer of the form asked for
	maxKept    = 8 << 10 // bytes of one point
)

// Next takes the next part of the answer and returns the points that it
// completes.
func (e *EarlyPoints) Next(part string) []guard.Point {
	var out []guard.Point
	for i := 0; i < len(part) && !e.over; i++ {
		if len(e.open) == 0 {
			e.outside(part[i])
			continue
		}
		e.before++
		p, ok := e.inside(part[i])
		if p != nil {
			out = append(out, *p)
			e.yielded++
		}
		if !ok || len(e.open) == 0 {
			e.leave()
			if !ok && !e.over {
				e.outside(part[i])
			}
		}
		e.over = e.over || e.yielded == MaxPoints
	}
	return out
}

// outside reads a byte before the object.
func (e *EarlyPoints) outside(c byte) {
	if c == '{' && !e.thinking && e.before <= maxRemark {
		e.open, e.wantsKey = append(e.open, c), true
		return
	}
	if len(e.tail) == longestTag {
		e.tail = append(e.tail[:0], e.tail[1:]...)
	}
	e.tail = append(e.tail, bytes.ToLower([]byte{c})...)
	e.before++
	if c != '>' {
		return
	}
	for _, tag := range thinkingTags {
		switch {
		case bytes.HasSuffix(e.tail, []byte("</"+tag+">")): // of one that the server left out, too
			e.thinking, e.before = false, 0
		case bytes.HasSuffix(e.tail, []byte("<"+tag+">")):
			e.thinking = true
		}
	}
}

// thinkingTags are the tags within which models write to themselves.
var thinkingTags = []string{"think", "thinking", "thought", "reasoning"}

// leave ends an object that holds no points, or is none. After one that had
// points nothing more is yielded.
func (e *EarlyPoints) leave() {
	*e = EarlyPoints{over: e.over || e.yielded > 0, before: e.before}
}

// inside reads a byte of the object; ok is false if it is not JSON, or not
// of the form asked for.
func (e *EarlyPoints) inside(c byte) (p *guard.Point, ok bool) {
	if e.quoted {
		e.string(c)
		return nil, true
	}
	switch c {
	case ' ', '\t', '\r', '\n':
		return nil, true
	case '"':
		e.quoted = true
		e.keep(c)
		return nil, true
	case '{', '[':
		return nil, e.down(c)
	case '}', ']':
		return e.up(c)
	case ',':
		if len(e.open) == 1 {
			e.ended()
			e.wantsKey = true
			return nil, true
		}
	case ':':
		if len(e.open) == 1 {
			return nil, e.named()
		}
	}
	if len(e.open) == 1 && e.wantsKey {
		return nil, false
	}
	e.keep(c)
	return nil, true
}

func (e *EarlyPoints) string(c byte) {
	e.keep(c)
	switch {
	case e.escaped:
		e.escaped = false
	case c == '\\':
		e.escaped = true
	case c == '"':
		e.quoted = false
	}
}

// keep adds a byte to what is kept: keys and values at the top, and points.
func (e *EarlyPoints) keep(c byte) {
	if len(e.open) == 1 || e.points && len(e.open) > 2 {
		e.value = append(e.value, c)
		e.over = e.over || len(e.value) > maxKept
	}
}

// named takes what was kept for a key.
func (e *EarlyPoints) named() bool {
	e.key = ""
	ok := e.wantsKey && json.Unmarshal(e.value, &e.key) == nil
	e.wantsKey, e.value = false, nil
	return ok
}

// ended takes what was kept for the value of a key.
func (e *EarlyPoints) ended() {
	var v any
	if e.key == "verdict" && json.Unmarshal(e.value, &v) == nil {
		e.answers = verdictOf(v) == Answered
	}
	e.key, e.value = "", nil
}

func (e *EarlyPoints) down(c byte) bool {
	if len(e.open) == maxDepth || e.wantsKey && len(e.open) == 1 {
		return false
	}
	if len(e.open) == 1 && c == '[' && e.key == "points" && e.answers && e.yielded == 0 {
		e.points = true
	}
	e.open = append(e.open, c)
	e.keep(c)
	return true
}

func (e *EarlyPoints) up(c byte) (*guard.Point, bool) {
	if last := e.open[len(e.open)-1]; last == '{' != (c == '}') {
		return nil, false
	}
	e.keep(c)
	e.open = e.open[:len(e.open)-1]
	if !e.points {
		return nil, true
	}
	switch len(e.open) {
	case 1:
		e.points = false
	case 2:
		var p draftPoint
		if c != '}' || json.Unmarshal(e.value, &p) != nil {
			return nil, false
		}
		e.value = nil
		point := p.point()
		return &point, true
	}
	return nil, true
}
