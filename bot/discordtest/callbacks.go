package discordtest

import (
	"encoding/json"
	"fmt"
)

type callback struct {
	Type int             `json:"type"`
	Data json.RawMessage `json:"data"`
}

// postCallback is the first response to an interaction.
func (s *Server) postCallback(x *exchange) (int, any, error) {
	var cb callback
	if json.Unmarshal(x.body, &cb) != nil {
		return 0, nil, errForm
	}
	p, modal, choices, wrong := cb.parse(x.files)
	if err := s.refuse(x, wrong); err != nil {
		return 0, nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.calls[x.val("token")]
	age := s.opts.Now().Sub
	switch {
	case c == nil || c.ID != x.val("id"), c.ack == nil && age(c.created) > s.opts.CallbackLimit:
		return 0, nil, notFound(10062, "interaction")
	case c.ack != nil:
		return 0, nil, &apiError{400, 40060, "Interaction has already been acknowledged."}
	case !c.allows(cb.Type):
		s.violations = append(s.violations, Violation{x.r.Method, x.path, fmt.Sprintf("response type %d to an interaction of kind %d", cb.Type, c.Kind)})
		return 0, nil, errForm
	}
	ack := &Ack{Type: cb.Type, After: age(c.created)}
	if err := s.respond(c, cb.Type, p, x.files); err != nil {
		return 0, nil, err
	}
	ack.Ephemeral = (cb.Type == RespondMessage || cb.Type == RespondDeferred) && p.Flags&FlagEphemeral != 0
	c.ack, c.modal, c.choices = ack, modal, choices
	c.changed.fire()
	s.changed.fire()
	if x.r.URL.Query().Get("with_response") == "true" {
		o := object{"interaction": object{"id": c.ID, "type": c.Kind, "response_message_loading": cb.Type == RespondDeferred}}
		if c.original != nil {
			o["resource"] = object{"type": cb.Type, "message": rest(*c.original)}
		}
		return 200, o, nil
	}
	return 204, nil, nil
}

// parse reads the data that the response's type asks for and tells what is wrong with it.
func (cb callback) parse(files []File) (p payload, modal *Modal, choices []Choice, wrong faultList) {
	read := func(v any) bool {
		if len(cb.Data) == 0 || string(cb.Data) == "null" {
			return true
		}
		if err := json.Unmarshal(cb.Data, v); err != nil {
			wrong.add("data of response type %d: %v", cb.Type, err)
			return false
		}
		return true
	}
	switch cb.Type {
	case RespondMessage, RespondUpdate:
		if read(&p) {
			wrong = append(wrong, p.check(files)...)
		}
		if cb.Type == RespondMessage && p.Content == nil && p.Embeds == nil && p.Components == nil && len(files) == 0 {
			wrong.add("the response is an empty message")
		}
	case RespondDeferred:
		if read(&p) && p.Flags&^FlagEphemeral != 0 {
			wrong.add("a deferral takes the ephemeral flag only, has %d", p.Flags)
		}
	case RespondModal:
		modal = new(Modal)
		if read(modal) {
			wrong = append(wrong, modal.check()...)
		}
	case RespondChoices:
		var d struct {
			Choices []Choice `json:"choices"`
		}
		read(&d)
		choices = d.Choices
		wrong.choices("choices", choices)
	}
	return p, modal, choices, wrong
}

func (f *faultList) choices(what string, list []Choice) {
	if len(list) > maxOptions {
		f.add("%s has %d rows, at most %d", what, len(list), maxOptions)
	}
	for i, c := range list {
		name := fmt.Sprintf("%s[%d].", what, i)
		f.atLeastOne(name+"name", c.Name)
		f.atMost(name+"name", c.Name, maxOptionText)
		if v, ok := c.Value.(string); ok {
			f.atMost(name+"value", v, maxOptionText)
		}
	}
}

// allows tells whether an interaction of this kind may be answered so.
func (c *Call) allows(response int) bool {
	switch response {
	case RespondMessage, RespondDeferred:
		return c.Kind != KindAutocomplete
	case RespondUpdate, RespondDeferredUpdate:
		return c.Kind == KindComponent || c.Kind == KindModalSubmit && c.original != nil
	case RespondChoices:
		return c.Kind == KindAutocomplete
	case RespondModal:
		return c.Kind == KindCommand || c.Kind == KindComponent
	}
	return false
}

// respond makes or edits the message of a first response; the lock is held.
func (s *Server) respond(c *Call, kind int, p payload, files []File) error {
	switch kind {
	case RespondMessage, RespondDeferred:
		m := s.answerOf(c, p.Flags&FlagEphemeral)
		if kind == RespondDeferred {
			m.Flags |= FlagLoading
		} else {
			s.apply(&m, p, files)
			if empty(m) {
				return errEmptyMessage
			}
		}
		c.original = s.store(m)
		s.announce(c.original)
	case RespondUpdate:
		return s.edit(c.original, p, files)
	}
	return nil
}

// answerOf begins a message of the bot in answer to a call.
func (s *Server) answerOf(c *Call, flags int) Message {
	return Message{ChannelID: c.channelID, Author: s.BotUser(), Flags: flags, WebhookID: s.opts.AppID, ApplicationID: s.opts.AppID,
		Type: map[int]int{KindCommand: 20}[c.Kind], Interaction: &InteractionMeta{ID: c.ID, Type: c.Kind, User: c.in.User}}
}

func (s *Server) announce(m *Message) {
	if !m.Ephemeral() {
		s.dispatch(Event{Type: "MESSAGE_CREATE", GuildID: m.GuildID, Data: *m})
	}
}

// call finds the call of a token that still serves; the lock is held.
func (s *Server) call(x *exchange) (*Call, error) {
	c := s.calls[x.val("token")]
	if c == nil || x.val("app") != s.opts.AppID || c.ack == nil {
		return nil, notFound(10015, "Webhook")
	}
	if s.opts.Now().Sub(c.created) > s.opts.TokenLife {
		return nil, &apiError{401, 50027, "Invalid Webhook Token"}
	}
	return c, nil
}

// responseFor finds @original or a follow-up; the lock is held.
func (s *Server) responseFor(x *exchange) (*Call, *Message, error) {
	c, err := s.call(x)
	if err != nil {
		return nil, nil, err
	}
	id := x.val("message")
	if m := c.original; m != nil && !m.Deleted && (id == "@original" || id == m.ID) {
		return c, m, nil
	}
	for _, m := range c.followups {
		if m.ID == id && !m.Deleted {
			return c, m, nil
		}
	}
	return nil, nil, notFound(10008, "Message")
}

func (s *Server) getResponse(x *exchange) (int, any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, m, err := s.responseFor(x)
	if err != nil {
		return 0, nil, err
	}
	return 200, rest(*m), nil
}

func (s *Server) patchResponse(x *exchange) (int, any, error) {
	p, err := parsePayload(x.body)
	if err != nil {
		return 0, nil, err
	}
	if err := s.refuse(x, p.check(x.files)); err != nil {
		return 0, nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	c, m, err := s.responseFor(x)
	if err != nil {
		return 0, nil, err
	}
	if err := s.edit(m, p, x.files); err != nil {
		return 0, nil, err
	}
	c.changed.fire()
	return 200, rest(*m), nil
}

func (s *Server) deleteResponse(x *exchange) (int, any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, m, err := s.responseFor(x)
	if err != nil {
		return 0, nil, err
	}
	s.remove(m)
	c.changed.fire()
	return 204, nil, nil
}

// postFollowup adds a message to the answered interaction. The first after a
// deferral fills the deferred message in instead, whose ephemeral state stays.
func (s *Server) postFollowup(x *exchange) (int, any, error) {
	p, err := parsePayload(x.body)
	if err != nil {
		return 0, nil, err
	}
	if err := s.refuse(x, p.check(x.files)); err != nil {
		return 0, nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	c, err := s.call(x)
	if err != nil {
		return 0, nil, err
	}
	var m *Message
	if o := c.original; o != nil && !o.Deleted && o.Flags&FlagLoading != 0 {
		if err := s.edit(o, p, x.files); err != nil {
			return 0, nil, err
		}
		m = o
	} else {
		next := s.answerOf(c, p.Flags&FlagEphemeral)
		next.Type = 0
		s.apply(&next, p, x.files)
		if empty(next) {
			return 0, nil, errEmptyMessage
		}
		m = s.store(next)
		c.followups = append(c.followups, m)
		s.announce(m)
	}
	c.changed.fire()
	if x.r.URL.Query().Get("wait") == "false" {
		return 204, nil, nil
	}
	return 200, rest(*m), nil // interactions wait always
}
