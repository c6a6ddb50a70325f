package load

import (
	"bufio"
	"compress/gzip"
	"fmt"
	"io"
)

// maxRatio is how many times its size a compressed file may unpack to. Articles
// unpack to 3 to 10 times the size; a file made to exhaust the reader's memory
// or time, to a thousand times. What unpacks to at most ratioFrom bytes is read
// in any case.
const (
	maxRatio  = 100
	ratioFrom = 1 << 20
)

// unpacker reads what is in a gzip file, up to a limit.
type unpacker struct {
	*gzip.Reader
	packed   *countingReader
	unpacked int64
	max      int64
}

func newUnpacker(r io.Reader, most int64) (*unpacker, error) {
	packed := &countingReader{r: r}
	z, err := gzip.NewReader(bufio.NewReader(packed))
	if err != nil {
		return nil, err
	}
	return &unpacker{Reader: z, packed: packed, max: most}, nil
}

// Read implements io.Reader. It returns a *bombError at the limit.
func (u *unpacker) Read(p []byte) (int, error) {
	n, err := u.Reader.Read(p)
	u.unpacked += int64(n)
	switch {
	case u.unpacked > u.max:
		return 0, &bombError{fmt.Sprintf("it unpacks to more than %.1f MB, so the rest was not read", float64(u.max)/1e6)}
	case u.unpacked > ratioFrom && u.unpacked > maxRatio*u.packed.n:
		return 0, &bombError{fmt.Sprintf("it unpacks to more than %d times its size, so the rest was not read", maxRatio)}
	}
	return n, err
}

// bombError says why a compressed file is not read to its end.
type bombError struct{ why string }

func (e *bombError) Error() string { return e.why }

// countingReader counts the bytes that were read from r.
type countingReader struct {
	r io.Reader
	n int64
}

func (c *countingReader) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}
