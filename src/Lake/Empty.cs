namespace Lizhou.Lake; internal static class Empty;
