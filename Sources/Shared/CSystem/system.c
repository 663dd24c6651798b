// Header-only: what glibc has and its Swift module lacks (epoll, eventfd, accept4).
