package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/rs/zerolog"
	"github.com/stretchr/testify/require"
)

func TestExternalNATS(t *testing.T) {
	t.Parallel()

	n := startTestNATS(t, natsSettings(t))
	nc, err := connectExternalNATS(t.Context(), settings{NATSURL: n.ClientURL("")}, zerolog.Nop())
	require.NoError(t, err)
	t.Cleanup(nc.Close)
	makeStream(t, nc)

	// The password is not in the error.
	n.Stop()
	wrong := "nats://floorlight:hunter2@127.0.0.1:1"
	_, err = connectExternalNATS(t.Context(), settings{NATSURL: wrong}, zerolog.Nop())
	require.ErrorIs(t, err, nats.ErrNoServers)
	require.ErrorContains(t, err, "nats_url")
	require.NotContains(t, err.Error(), "hunter2")
}

func TestExternalNATSWithTLS(t *testing.T) {
	t.Parallel()

	dir := t.TempDir()
	certFile, keyFile := makeCertificate(t, dir)
	pair, err := tls.LoadX509KeyPair(certFile, keyFile)
	require.NoError(t, err)
	pool := x509.NewCertPool()
	pool.AddCert(pair.Leaf)
	srv, err := server.NewServer(&server.Options{
		Host: "127.0.0.1", Port: server.RANDOM_PORT, NoLog: true, NoSigs: true, TLS: true, TLSVerify: true,
		TLSConfig: &tls.Config{Certificates: []tls.Certificate{pair}, ClientCAs: pool, ClientAuth: tls.RequireAndVerifyClientCert, MinVersion: tls.VersionTLS13},
	})
	require.NoError(t, err)
	srv.Start()
	t.Cleanup(func() {
		srv.Shutdown()
		srv.WaitForShutdown()
	})
	require.True(t, srv.ReadyForConnections(30*time.Second))
	s := settings{NATSURL: "tls://" + srv.Addr().String()}

	_, err = connectExternalNATS(t.Context(), s, zerolog.Nop())
	require.ErrorContains(t, err, "certificate", "nobody has signed the server's certificate")
	s.NATSCA = certFile
	_, err = connectExternalNATS(t.Context(), s, zerolog.Nop())
	require.Error(t, err, "the server wants a certificate too")
	s.NATSCert, s.NATSKey = certFile, keyFile
	nc, err := connectExternalNATS(t.Context(), s, zerolog.Nop())
	require.NoError(t, err)
	t.Cleanup(nc.Close)
	require.NoError(t, nc.Flush())
}

// makeCertificate makes one that signs itself, for server and client.
func makeCertificate(t *testing.T, dir string) (certFile, keyFile string) {
	t.Helper()

	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{
		SerialNumber:          big.NewInt(1),
		NotBefore:             time.Now().Add(-time.Hour),
		NotAfter:              time.Now().Add(time.Hour),
		IPAddresses:           []net.IP{net.IPv4(127, 0, 0, 1)},
		ExtKeyUsage:           []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
		KeyUsage:              x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
		BasicConstraintsValid: true,
		IsCA:                  true,
	}
	cert, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	require.NoError(t, err)
	private, err := x509.MarshalPKCS8PrivateKey(key)
	require.NoError(t, err)
	certFile, keyFile = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	require.NoError(t, os.WriteFile(certFile, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert}), 0o600))
	require.NoError(t, os.WriteFile(keyFile, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private}), 0o600))
	return certFile, keyFile
}
