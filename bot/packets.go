package bot

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net"

	"github.com/bwmarrin/discordgo"
)

// unread stands before the type of every event that passes packets. discordgo
// v0.29.0 knows no such type, so it hands the event on as it came and reads
// nothing of it: a null where it wants an object would make it panic in a
// goroutine of its own, which ends the process.
const unread = "~"

const (
	maxPacket = 64 << 20 // bytes
	// An interval of heartbeats out of these bounds, in milliseconds, is
	// replaced by Discord's own: 0 and centuries make discordgo panic.
	minInterval, maxInterval, usualInterval = 50, 120_000, 41_250
)

// packets is the connection to a gateway, with what the gateway sends read and
// written anew before discordgo sees it. See RFC 6455, section 5.2.
type packets struct {
	net.Conn
	log *slog.Logger

	open    bool   // the server has agreed to speak WebSocket
	plain   bool   // it has not, and what it says instead passes
	in, out []byte // not looked at yet; for the reader
	message []byte // fragments so far
	kind    byte   // opcode of the first fragment
	hello   bool   // Hello has come
}

// Opcodes of RFC 6455.
const (
	frameContinued = 0x0
	frameText      = 0x1
	frameBinary    = 0x2
	frameControl   = 0x8 // and those above it
)

var (
	errFrame = errors.New("the gateway breaks the WebSocket protocol")
	errLarge = errors.New("the gateway sends more than a packet can be")
	errHello = errors.New("the gateway's first packet is not understood")
)

// Read returns what has been looked at.
func (p *packets) Read(b []byte) (int, error) {
	for len(p.out) == 0 {
		chunk := make([]byte, max(len(b), 4096))
		n, err := p.Conn.Read(chunk)
		p.in = append(p.in, chunk[:n]...)
		if bad := p.sift(); bad != nil {
			p.log.Warn("gateway connection given up", "error", bad)
			return 0, bad
		}
		if err != nil && len(p.out) == 0 {
			return 0, err
		}
	}
	n := copy(b, p.out)
	p.out = p.out[n:]
	return n, nil
}

// sift moves what is whole from in to out.
func (p *packets) sift() error {
	if !p.open && !p.plain {
		end := bytes.Index(p.in, []byte("\r\n\r\n"))
		if end < 0 && len(p.in) < 64<<10 {
			return nil
		}
		_, status, _ := bytes.Cut(p.in, []byte(" "))
		p.open = end >= 0 && bytes.HasPrefix(status, []byte("101"))
		p.plain = !p.open
		p.out, p.in = append(p.out, p.in[:end+4]...), p.in[end+4:]
	}
	if p.plain {
		p.out, p.in = append(p.out, p.in...), nil
		return nil
	}
	for {
		n, err := p.frame()
		if n == 0 || err != nil {
			return err
		}
		p.in = p.in[n:]
	}
}

// frame looks at the first frame of in and returns its length, 0 where it is
// not whole yet.
func (p *packets) frame() (n int, err error) {
	head, size := 2, 0
	if len(p.in) < head {
		return 0, nil
	}
	switch size = int(p.in[1] & 0x7f); size {
	case 126:
		head = 4
	case 127:
		head = 10
	}
	if p.in[0]&0x70 != 0 || p.in[1]&0x80 != 0 { // an extension that was not asked for, or masked
		return 0, errFrame
	}
	if len(p.in) < head {
		return 0, nil
	}
	switch head {
	case 4:
		size = int(binary.BigEndian.Uint16(p.in[2:]))
	case 10:
		long := binary.BigEndian.Uint64(p.in[2:])
		if long > maxPacket {
			return 0, errLarge
		}
		size = int(long)
	}
	if len(p.in) < head+size {
		return 0, nil
	}
	n = head + size
	final, opcode, data := p.in[0]&0x80 != 0, p.in[0]&0x0f, p.in[head:n]
	switch {
	case opcode >= frameControl:
		p.out = append(p.out, p.in[:n]...)
		return n, nil
	case opcode != frameContinued:
		p.kind, p.message = opcode, nil
	}
	if p.message = append(p.message, data...); len(p.message) > maxPacket {
		return 0, errLarge
	}
	if final {
		err = p.packet()
		p.message = nil
	}
	return n, err
}

// packet writes the whole message to out as discordgo can bear it.
func (p *packets) packet() error {
	text := p.message
	if p.kind == frameBinary {
		z, err := zlib.NewReader(bytes.NewReader(text))
		if err != nil {
			return errFrame
		}
		if text, err = io.ReadAll(io.LimitReader(z, maxPacket+1)); err != nil {
			return errFrame
		}
		if len(text) > maxPacket {
			return errLarge
		}
	}
	var e *discordgo.Event
	if err := json.Unmarshal(text, &e); err != nil || e == nil {
		if !p.hello {
			return errHello
		}
		p.log.Warn("packet not understood", "bytes", len(text))
		return nil
	}
	p.hello = true
	switch {
	case e.Operation == 10:
		p.write(map[string]any{"op": 10, "d": map[string]int{"heartbeat_interval": p.interval(e.RawData)}})
	case e.Operation != 0:
		p.frameOut(text)
	default:
		if e.Type == "READY" || e.Type == "RESUMED" {
			p.write(map[string]any{"op": 0, "s": e.Sequence, "t": e.Type, "d": map[string]string{"session_id": sessionID(e.RawData)}})
		}
		data := e.RawData
		if data == nil {
			data = json.RawMessage("null")
		}
		p.write(map[string]any{"op": 0, "s": e.Sequence, "t": unread + e.Type, "d": data})
	}
	return nil
}

// interval reads how often, in milliseconds, Hello wants a heartbeat.
func (p *packets) interval(hello json.RawMessage) int {
	var d struct {
		Interval float64 `json:"heartbeat_interval"`
	}
	if err := json.Unmarshal(hello, &d); err != nil || d.Interval < minInterval || d.Interval > maxInterval {
		p.log.Info("gateway wants heartbeats at no usual interval", "ms", d.Interval, "used", usualInterval)
		return usualInterval
	}
	return int(d.Interval)
}

func sessionID(ready json.RawMessage) string {
	var d struct {
		ID string `json:"session_id"`
	}
	if json.Unmarshal(ready, &d) != nil {
		return ""
	}
	return d.ID
}

// write sends a packet to discordgo.
func (p *packets) write(packet any) {
	text, err := json.Marshal(packet)
	if err != nil { // what came from JSON goes back into it
		return
	}
	p.frameOut(text)
}

func (p *packets) frameOut(text []byte) {
	p.out = append(p.out, 0x80|frameText)
	switch n := len(text); {
	case n < 126:
		p.out = append(p.out, byte(n))
	case n < 1<<16:
		p.out = binary.BigEndian.AppendUint16(append(p.out, 126), uint16(n))
	default:
		p.out = binary.BigEndian.AppendUint64(append(p.out, 127), uint64(n))
	}
	p.out = append(p.out, text...)
}
