package discordtest

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

type file struct {
	body        []byte
	contentType string
}

// AddAttachment stores a file and returns it as an attachment of a channel,
// with the URL that serves it.
func (s *Server) AddAttachment(channelID, name, contentType string, body []byte) Attachment {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.addFile(channelID, File{Name: name, ContentType: contentType, Body: body})
}

func (s *Server) addFile(channelID string, f File) Attachment {
	id := s.newID()
	s.files[id] = file{f.Body, f.ContentType}
	url := s.http.URL + "/attachments/" + channelID + "/" + id + "/" + f.Name
	return Attachment{ID: id, Filename: f.Name, Size: len(f.Body), URL: url, ProxyURL: url, ContentType: f.ContentType}
}

// File returns the body of an attachment; nil where there is none.
func (s *Server) File(a Attachment) []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.files[a.ID].body
}

func (s *Server) serveAttachment(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	f, ok := s.files[r.PathValue("id")]
	s.mu.Unlock()
	if !ok {
		http.NotFound(w, r)
		return
	}
	if f.contentType != "" {
		w.Header().Set("Content-Type", f.contentType)
	}
	w.Header().Set("Content-Length", strconv.Itoa(len(f.body)))
	if _, err := w.Write(f.body); err != nil {
		panic(http.ErrAbortHandler) // the client has gone
	}
}

// rest is a message as REST answers it: without the guild's id, which only
// events carry.
func rest(m Message) Message {
	m = complete(m)
	m.GuildID, m.Member = "", nil
	return m
}

// store keeps a new message; the lock is held.
func (s *Server) store(m Message) *Message {
	if m.ID == "" {
		m.ID = s.newID()
	}
	if c := s.channels[m.ChannelID]; c != nil && m.GuildID == "" {
		m.GuildID = c.GuildID
	}
	if m.Timestamp.IsZero() {
		m.Timestamp = s.opts.Now().UTC()
	}
	m = complete(m)
	s.messages[m.ID] = &m
	s.byChannel[m.ChannelID] = append(s.byChannel[m.ChannelID], m.ID)
	s.changed.fire()
	return &m
}

// apply edits a message; the lock is held. Files are added to those that stay.
func (s *Server) apply(m *Message, p payload, files []File) {
	if p.Content != nil {
		m.Content = *p.Content
	}
	if p.Embeds != nil {
		m.Embeds = orEmpty(*p.Embeds)
		for i := range m.Embeds {
			m.Embeds[i].Type = "rich"
		}
	}
	if p.Components != nil {
		m.Components = orEmpty(*p.Components)
	}
	if p.Attachments != nil {
		m.Attachments = slices.DeleteFunc(slices.Clone(m.Attachments), func(a Attachment) bool {
			return !slices.ContainsFunc(*p.Attachments, func(k Attachment) bool { return k.ID == a.ID })
		})
	}
	for _, f := range files {
		m.Attachments = append(m.Attachments, s.addFile(m.ChannelID, f))
	}
	m.Flags |= p.Flags & FlagComponentsV2
}

func empty(m Message) bool {
	return m.Content == "" && len(m.Embeds)+len(m.Components)+len(m.Attachments) == 0
}

var errEmptyMessage = &apiError{400, 50006, "Cannot send an empty message"}

// edit applies a checked payload as an edit and tells the sessions; the lock is held.
func (s *Server) edit(m *Message, p payload, files []File) error {
	next := *m
	s.apply(&next, p, files)
	if empty(next) {
		return errEmptyMessage
	}
	now := s.opts.Now().UTC()
	next.EditedTimestamp = &now
	next.Edits++
	next.Flags &^= FlagLoading
	*m = next
	s.changed.fire()
	if !m.Ephemeral() {
		s.dispatch(Event{Type: "MESSAGE_UPDATE", GuildID: m.GuildID, Data: *m})
	}
	return nil
}

func (s *Server) remove(m *Message) {
	m.Deleted = true
	s.changed.fire()
	if !m.Ephemeral() {
		s.dispatch(Event{Type: "MESSAGE_DELETE", GuildID: m.GuildID, Data: object{"id": m.ID, "channel_id": m.ChannelID, "guild_id": m.GuildID}})
	}
}

// channelFor finds a channel and checks that the bot may do this there; the lock is held.
func (s *Server) channelFor(id string, need int64) (*Channel, error) {
	c := s.channels[id]
	if c == nil {
		return nil, notFound(10003, "Channel")
	}
	have := s.permissions(c)
	if have&PermAdministrator != 0 {
		return c, nil
	}
	if have&PermViewChannel == 0 {
		return nil, &apiError{403, 50001, "Missing Access"}
	}
	if c.Type == ChannelThread && need&PermSendMessages != 0 {
		need = need&^PermSendMessages | PermSendInThreads
	}
	if have&need != need {
		return nil, &apiError{403, 50013, "Missing Permissions"}
	}
	return c, nil
}

// needs are the permissions that a message asks for.
func (p payload) needs(files []File) int64 {
	need := PermSendMessages
	if p.Embeds != nil && len(*p.Embeds) > 0 {
		need |= PermEmbedLinks
	}
	if len(files) > 0 {
		need |= PermAttachFiles
	}
	return need
}

func (s *Server) postMessage(x *exchange) (int, any, error) {
	p, err := parsePayload(x.body)
	if err != nil {
		return 0, nil, err
	}
	if err := s.refuse(x, p.check(x.files)); err != nil {
		return 0, nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	c, err := s.channelFor(x.val("channel"), p.needs(x.files))
	if err != nil {
		return 0, nil, err
	}
	if c.Type == ChannelForum {
		return 0, nil, &apiError{400, 50008, "Cannot send messages in a non-text channel"}
	}
	nonce := ""
	if p.EnforceNonce && p.Nonce != nil {
		b, _ := json.Marshal(p.Nonce)
		nonce = c.ID + " " + string(b)
		if m := s.messages[s.nonces[nonce]]; m != nil {
			return 200, rest(*m), nil
		}
	}
	m := Message{ChannelID: c.ID, Author: s.BotUser(), Nonce: p.Nonce}
	if err := s.reference(&m, c, p.Reference); err != nil {
		return 0, nil, err
	}
	s.apply(&m, p, x.files)
	if empty(m) {
		return 0, nil, errEmptyMessage
	}
	kept := s.store(m)
	if nonce != "" {
		s.nonces[nonce] = kept.ID
	}
	s.dispatch(Event{Type: "MESSAGE_CREATE", GuildID: kept.GuildID, Data: *kept})
	return 200, rest(*kept), nil
}

// reference makes a message a reply; the lock is held.
func (s *Server) reference(m *Message, c *Channel, ref *Reference) error {
	if ref == nil || ref.MessageID == "" {
		return nil
	}
	if have := s.permissions(c); have&(PermReadMessageHistory|PermAdministrator) == 0 {
		return &apiError{400, 160002, "Cannot reply without permission to read message history"}
	}
	old := s.messages[ref.MessageID]
	if old == nil || old.Deleted || old.ChannelID != c.ID {
		if ref.FailIfNotExists != nil && !*ref.FailIfNotExists {
			return nil
		}
		return &apiError{400, 50035, "Invalid Form Body: message_reference: Unknown message"}
	}
	m.Type = 19
	m.Reference = &Reference{MessageID: old.ID, ChannelID: c.ID, GuildID: c.GuildID}
	m.Referenced = old
	return nil
}

// messageFor finds a message in a channel that the bot may read; the lock is held.
func (s *Server) messageFor(x *exchange) (*Message, error) {
	c, err := s.channelFor(x.val("channel"), 0)
	if err != nil {
		return nil, err
	}
	m := s.messages[x.val("message")]
	if m == nil || m.Deleted || m.ChannelID != c.ID || m.Ephemeral() {
		return nil, notFound(10008, "Message")
	}
	return m, nil
}

func (s *Server) patchMessage(x *exchange) (int, any, error) {
	p, err := parsePayload(x.body)
	if err != nil {
		return 0, nil, err
	}
	if err := s.refuse(x, p.check(x.files)); err != nil {
		return 0, nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	m, err := s.messageFor(x)
	if err != nil {
		return 0, nil, err
	}
	if m.Author.ID != s.opts.AppID {
		return 0, nil, &apiError{403, 50005, "Cannot edit a message authored by another user"}
	}
	if err := s.edit(m, p, x.files); err != nil {
		return 0, nil, err
	}
	return 200, rest(*m), nil
}

func (s *Server) getMessage(x *exchange) (int, any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	m, err := s.messageFor(x)
	if err != nil {
		return 0, nil, err
	}
	if _, err := s.channelFor(m.ChannelID, PermReadMessageHistory); err != nil {
		return 0, nil, err
	}
	return 200, rest(*m), nil
}

func (s *Server) deleteMessage(x *exchange) (int, any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	m, err := s.messageFor(x)
	if err != nil {
		return 0, nil, err
	}
	if m.Author.ID != s.opts.AppID {
		if _, err := s.channelFor(m.ChannelID, PermManageMessages); err != nil {
			return 0, nil, err
		}
	}
	s.remove(m)
	return 204, nil, nil
}

// listMessages answers newest first; of before, after and limit.
func (s *Server) listMessages(x *exchange) (int, any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, err := s.channelFor(x.val("channel"), 0)
	if err != nil {
		return 0, nil, err
	}
	list := []Message{}
	if s.permissions(c)&(PermReadMessageHistory|PermAdministrator) == 0 {
		return 200, list, nil // Discord answers with nothing, not with an error
	}
	q := x.r.URL.Query()
	limit, err := strconv.Atoi(q.Get("limit"))
	if err != nil || limit < 1 || limit > 100 {
		limit = 50
	}
	ids := slices.Clone(s.byChannel[c.ID])
	if q.Get("after") == "" {
		slices.Reverse(ids)
	}
	for _, id := range ids {
		m := s.messages[id]
		if m.Deleted || m.Ephemeral() || !olderID(id, q.Get("before"), true) || !olderID(q.Get("after"), id, false) || len(list) == limit {
			continue
		}
		list = append(list, rest(*m))
	}
	slices.SortFunc(list, func(a, b Message) int {
		if olderID(a.ID, b.ID, false) {
			return 1
		}
		return -1
	})
	return 200, list, nil
}

// olderID tells whether snowflake a is smaller than b; an empty one, where open
// says so or where it is a, bounds nothing.
func olderID(a, b string, open bool) bool {
	if a == "" || open && b == "" {
		return true
	}
	if len(a) != len(b) {
		return len(a) < len(b)
	}
	return strings.Compare(a, b) < 0
}
