public enum StubC {}
